import type { Code } from '@symbolon/protocol/codes';
import type { Words } from './titles.ts';

/**
 * What a code says at the step `status`: there it is about the list, not about what was shown. A list that is not believed leaves the status unknown; it does not
 * make the credential less genuine.
 */
export const STATUS_LIST: Readonly<Partial<Record<Code, Words>>> = {
  'type-unexpected': unread('is a file of another type', '是另一类文件'),
  'algorithm-none': unread('is not signed', '没有签名'),
  'algorithm-mismatch': unread(
    'names another algorithm than the one registered for its key',
    '的签名算法与密钥登记的算法不一致',
  ),
  'key-unknown': unread(
    'is signed with a key that the region does not publish',
    '由该地区没有公布的密钥签名',
  ),
  'key-use': unread('is signed with a key for another use', '由登记为其他用途的密钥签名'),
  'key-not-valid-then': unread(
    'is signed with a key that was not valid then',
    '由签名时不在有效期内的密钥签名',
  ),
  'key-without-lead': unread(
    'is signed with a key that was published too shortly before',
    '由签名时公布还不够久的密钥签名',
  ),
  'key-revoked': unread('is signed with a key that was revoked', '由已被撤销的密钥签名'),
  'key-malformed': unread('is signed with a key that is malformed', '的签名公钥格式有误'),
  'signature-invalid': unread('has a signature that does not match', '的签名不符'),
  clock: {
    en: 'Whether this still holds is not known, as its status list was signed later than the clock here shows: set the clock.',
    zh: '状态列表的签名时间晚于本机时间，无法得知凭证现在是否仍然有效：请校准时间。',
  },
  'stale-warn': {
    en: 'The status list is older than it should be: refresh the trust bundle soon.',
    zh: '状态列表有些陈旧：请尽快更新信任数据。',
  },
  'stale-refer': {
    en: 'The status list is so old that a person must decide: refresh the trust bundle.',
    zh: '状态列表过于陈旧，需要人工处理：请更新信任数据。',
  },
  'stale-block': {
    en: 'The status list is too old to rely on: refresh the trust bundle.',
    zh: '状态列表太旧，不能再作为依据：请更新信任数据。',
  },
};

function unread(en: string, zh: string): Words {
  return {
    en: `Whether this still holds is not known, as its status list ${en}: refresh the trust bundle.`,
    zh: `状态列表${zh}，不能采信，无法得知凭证现在是否仍然有效：请更新信任数据。`,
  };
}
