export { VERDICT_CODES } from '../verdict-codes.ts';
export { textOfFinding } from './finding.ts';
export { textOf } from './text-of.ts';
export {
  LANGUAGES,
  type Language,
  titleOfOutcome,
  titleOfSeverity,
  titleOfStep,
} from './titles.ts';
