import { describe, expect, it } from 'vitest';
import { Scheme } from './scheme.ts';

const titles = { en: 'words', zh: '文字' };
const scheme = (...effects: readonly string[]) => ({
  id: 'health',
  major: 1,
  titles,
  subjects: 'person',
  purposes: ['entry'],
  levels: effects.map((effect, i) => ({ id: `level-${i}`, effect, titles })),
  factTypes: {},
  evidenceClasses: ['laboratory'],
  longestValidityHours: 24,
  statusList: true,
  bearer: false,
});

describe('the levels of a scheme', () => {
  it.each([['favourable'], ['adverse'], ['favourable', 'favourable', 'adverse', 'adverse']])(
    'are in order: %s %s %s %s',
    (...effects) => {
      expect(Scheme.safeParse(scheme(...effects)).success).toBe(true);
    },
  );

  it.each([
    ['adverse', 'favourable'],
    ['favourable', 'adverse', 'favourable'],
    ['adverse', 'adverse', 'favourable'],
  ])('no favourable one comes after an adverse one: %s %s %s', (...effects) => {
    const { error } = Scheme.safeParse(scheme(...effects));
    expect(error?.issues).toMatchObject([{ path: ['levels'] }]);
  });
});
