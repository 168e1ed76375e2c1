import { access } from 'node:fs/promises';
import { sealKeyFile } from '@symbolon/keys/key-file';
import { generatePrivateKey, publicPart } from '@symbolon/keys/private-key';
import { SymbolonError } from '@symbolon/protocol/errors';
import { Algorithm } from '@symbolon/protocol/schemas/jwk';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { describeKey } from '../../custody/describe-key.ts';
import { newPassphrase } from '../../custody/passphrase.ts';
import { publicKeyPath, publicKeyText } from '../../custody/public-key-file.ts';
import { isKeyFilePath } from '../../custody/signer-at.ts';
import { givenBy } from '../../files/file-fault.ts';
import { createFile, MODE } from '../../files/write-file.ts';
import { printJson } from '../../output/terminal.ts';
import { printKey } from './print-key.ts';

interface Options {
  readonly out: string;
  readonly alg: Algorithm;
  readonly passphraseFile?: string;
  readonly json?: boolean;
}

/** `symbolon key create`: a new private key, sealed before it is written. */
export function keyCreateCommand(parent: Command): void {
  parent
    .command('create')
    .summary('make a key, sealed under a passphrase')
    .description(
      'Makes a signing key. NAME.jwe holds it, sealed under a passphrase that is asked for twice and never shown; NAME.pub.json holds the public ' +
        'key, for the others. A file that is there already is never overwritten.',
    )
    .requiredOption('--out <file>', 'where to write it: NAME.jwe', keyFileOption)
    .addOption(new Option('--alg <name>', 'the algorithm').choices(Algorithm.options).default('ES256'))
    .option('--passphrase-file <file>', 'where no terminal is: a file that only you can read')
    .option('--json', 'for machines')
    .addHelpText('after', '\nExample:\n  symbolon key create --out wang.jwe')
    .action(async ({ out, alg, passphraseFile, json }: Options) => {
      const publicFile = publicKeyPath(out);
      await refuseToOverwrite(out, publicFile);
      const passphrase = await newPassphrase(passphraseFile);
      const key = await generatePrivateKey(alg);
      // The secret first: a public key without it would be worse than none.
      const sealed = await sealKeyFile(key, passphrase);
      await givenBy('--out', () => createFile(out, `${sealed}\n`, MODE.secret));
      await givenBy('--out', () => createFile(publicFile, publicKeyText(publicPart(key)), MODE.open));
      const description = describeKey(publicPart(key));
      if (json) printJson({ ...description, file: out, publicFile });
      else printKey(description, [`sealed in   ${out}`, `public in   ${publicFile}`]);
    });
}

/** Before anyone types a passphrase for nothing. Whoever writes in between is refused again. */
async function refuseToOverwrite(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) throw new SymbolonError('object-exists', { path: '--out' });
  }
}

function keyFileOption(value: string): string {
  if (!isKeyFilePath(value))
    throw new InvalidArgumentError('It is the path of a file whose name ends in .jwe.');
  return value;
}
