import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { s3Objects } from './objects.ts';

/** A client whose requests are answered with these statuses, one after the other. No request leaves the process. */
function answering(...statuses: readonly number[]) {
  const left = [...statuses];
  const client = new S3Client({ region: 'cn-north-1' });
  client.middlewareStack.add(
    () => async () => {
      const status = left.shift() ?? 200;
      if (status === 200) return { output: { $metadata: { httpStatusCode: status } }, response: {} };
      throw new S3ServiceException({
        name: 'refused',
        $fault: 'client',
        $metadata: { httpStatusCode: status },
      });
    },
    { step: 'initialize', priority: 'high' },
  );
  return { left, objects: s3Objects(client, 'bucket', '') };
}
const bytes = Uint8Array.of(1);

describe('an object is created once', () => {
  it('a 409 is a write of another that is not done: it is tried again, and says then which', async () => {
    const won = answering(409, 200);
    await won.objects.create('a', bytes);
    expect(won.left).toEqual([]);
    await expect(answering(409, 409, 412).objects.create('a', bytes)).rejects.toMatchObject({
      code: 'object-exists',
    });
  });

  it('one that goes on is a conflict, and not an object that exists', async () => {
    await expect(answering(409, 409, 409, 409).objects.create('a', bytes)).rejects.toMatchObject({
      code: 'publication-conflict',
    });
  });

  it('anything else is said as it is', async () => {
    await expect(answering(412).objects.create('a', bytes)).rejects.toMatchObject({ code: 'object-exists' });
    await expect(answering(403).objects.create('a', bytes)).rejects.toMatchObject({ code: 'storage-failed' });
  });
});
