import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

/** For how long, and how often, a service is waited for. Left to itself the SDK waits without an end. */
export interface Patience {
  /** Requests in all. Between them the SDK waits a little, by chance. */
  readonly attempts: number;
  readonly connectMilliseconds: number;
  /** Until the answer begins: a queue for a connection and the way of what is sent are in it. Nothing for what may be large: how long that takes, the line says. */
  readonly answerMilliseconds?: number;
  /** Without a byte either way, before the answer and within it. */
  readonly silenceMilliseconds: number;
}

/** A silent service is given up within half a minute, and the function that asked it can still say so. One that is only slow, as an emulator on a busy machine is, is waited for. */
export const PATIENCE: Patience = {
  attempts: 2,
  connectMilliseconds: 3000,
  answerMilliseconds: 12_000,
  silenceMilliseconds: 12_000,
};

/** 64 MiB, the largest thing that is stored, come as slowly as they like, as long as they come. */
export const PATIENCE_WITH_FILES: Patience = {
  attempts: 2,
  connectMilliseconds: 3000,
  silenceMilliseconds: 12_000,
};

/*
 * Clients of AWS, all bounded. A write that was given up may have been done all the same, and is sent again: what is conditional says then that it came second, as after a
 * crash at that place.
 */

export function dynamoDbClient(
  patience: Patience = PATIENCE,
  config: DynamoDBClientConfig = {},
): DynamoDBClient {
  return new DynamoDBClient({ ...config, ...bounds(patience) });
}

export function kmsClient(patience: Patience = PATIENCE, config: KMSClientConfig = {}): KMSClient {
  return new KMSClient({ ...config, ...bounds(patience) });
}

export function s3Client(patience: Patience = PATIENCE_WITH_FILES, config: S3ClientConfig = {}): S3Client {
  return new S3Client({ ...config, ...bounds(patience) });
}

function bounds({ attempts, connectMilliseconds, answerMilliseconds, silenceMilliseconds }: Patience) {
  return {
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: connectMilliseconds,
      ...(answerMilliseconds !== undefined && {
        requestTimeout: answerMilliseconds,
        // Without it the client only warns, and waits on.
        throwOnRequestTimeout: true,
      }),
      socketTimeout: silenceMilliseconds,
    },
  };
}
