import type { CheckId, Verdict } from '../findings.ts';

/** What each check asks, for people. */
export const QUESTIONS: Readonly<Record<CheckId, { readonly en: string; readonly zh: string }>> = {
  consistency: { en: 'Is it the log that was seen before, and longer?', zh: '日志只增不改' },
  signature: { en: 'Is it signed by the key that the registry names?', zh: '日志签名' },
  cosignatures: { en: 'Have enough witnesses seen it?', zh: '见证人签名' },
  freshness: { en: 'Have they seen it lately?', zh: '新鲜程度' },
  hashes: { en: 'Is every entry the one that was signed?', zh: '逐条核对哈希' },
  'leaf-form': { en: 'Does every entry have its form?', zh: '条目格式' },
  'leaf-dates': { en: 'Is every entry dated as witnesses saw it?', zh: '条目日期' },
  regions: { en: 'Is every region known, and logs here?', zh: '地区' },
  rules: { en: 'Was every rule published, in force, and open to that office?', zh: '规则是否生效' },
  approvers: { en: 'Was every adverse decision by hand approved by two?', zh: '人工决定双人批准' },
  keys: { en: 'Were the logged keys published?', zh: '密钥' },
  bursts: { en: 'Was every burst held, and released by those above?', zh: '激增管控' },
  rates: { en: 'Does any office decide far more often than it did?', zh: '异常频率' },
  publications: { en: 'Is every publication of the registry logged?', zh: '登记发布是否入册' },
  signers: { en: 'Did enough people sign each publication?', zh: '发布签名' },
  leads: { en: 'Did keys and rules have their lead time?', zh: '提前公布时间' },
};

export const VERDICT_WORDS: Readonly<Record<Verdict, { readonly en: string; readonly zh: string }>> = {
  ok: { en: 'ok', zh: '正常' },
  warning: { en: 'warning', zh: '警告' },
  failed: { en: 'failed', zh: '不合格' },
  unchecked: { en: 'could not be checked', zh: '无法核查' },
};

/** Of checks that come after one that failed. */
export const NOT_RUN = 'not looked at to the end, as the log could not be read or is not what it signed';

/** What a report cannot say, whatever it says. */
export const LIMITS_OF_AUDIT: readonly string[] = [
  'A fact that an authority made up under a valid rule looks like a true one. What shows is who decided, by which rule, how often.',
  'A decision that is not in the log is not seen here. Without a leaf no credential is minted; a receipt proves one leaf, not that there is no other.',
  'If the region, its sources and all witnesses lie together, the log is consistent and wrong.',
  'Whoever drips below the guard is not held. The rates point at a sudden rise, and miss one that comes slowly.',
];
