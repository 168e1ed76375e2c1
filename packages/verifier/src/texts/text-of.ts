import type { Code } from '@symbolon/protocol/codes';
import { own } from '@symbolon/protocol/own';
import type { Step } from '@symbolon/protocol/schemas/verdict';
import { textOf as englishOf } from '@symbolon/protocol/texts';
import type { VerdictCode } from '../verdict-codes.ts';
import { STATUS_LIST } from './status-list.ts';
import type { Language } from './titles.ts';
import { SHOWING } from './zh-showing.ts';
import { STATUS } from './zh-status.ts';
import { TRUST } from './zh-trust.ts';

const OF_VERDICTS: Readonly<Record<VerdictCode, string>> = { ...SHOWING, ...STATUS };
const CHINESE: Partial<Record<Code, string>> = { ...OF_VERDICTS, ...TRUST };

/**
 * The sentence of a code for the screen of a gate or of a holder: what is wrong and what to do. It contains nothing of what was shown.
 *
 * Chinese is there for every code that a verdict can carry, and for what opening a bundle, a policy or the code of a venue throws. Other codes (of ceremonies, of
 * issuing) never come from a verifier; they are answered in English.
 *
 * @param step of the finding: at `status`, some codes are about the status list, and not about what was shown. Without it the sentence is one for whatever was signed
 */
export function textOf(code: Code, language: Language, step?: Step): string {
  const ofList = step === 'status' ? own(STATUS_LIST, code) : undefined;
  if (ofList !== undefined) return ofList[language];
  return (language === 'zh' ? own(CHINESE, code) : undefined) ?? englishOf(code);
}
