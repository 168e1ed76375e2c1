export { textOfFinding } from './finding.ts';
export { textOf, VERDICT_CODES } from './text-of.ts';
export {
  LANGUAGES,
  type Language,
  titleOfOutcome,
  titleOfSeverity,
  titleOfStep,
} from './titles.ts';
