import type { Words } from './titles.ts';

/** What is without a key, as far as it is known: a person's card, or the label of a thing, which has neither portrait nor initials. */
export const BEARER = {
  person: {
    en: 'This is a card without a key: compare the portrait and the initials.',
    zh: '这是没有密钥的卡片：请核对照片和姓名缩写。',
  },
  asset: {
    en: 'This is a label without a key: compare the name with the thing it is fixed to.',
    zh: '这是没有密钥的标签：请核对标签上的名称与所贴的物品或设施是否一致。',
  },
} as const satisfies Record<string, Words>;
