import type { Language } from '@symbolon/verifier/texts';
import type { ExplainWords } from './words.ts';
import { EN } from './words-en.ts';
import { ZH } from './words-zh.ts';

export function wordsOf(language: Language): ExplainWords {
  return language === 'zh' ? ZH : EN;
}
