import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addHours, parseInstant } from '@symbolon/protocol/instant';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../architecture/markdown.ts';
import {
  federationContent,
  PASSPHRASE,
  regionContent,
  writeContent,
  writeKeys,
} from '../support/ceremony-folder.ts';
import { LAUNCHER, temporaryFolder } from '../support/cli.ts';
import { ADMINS, BEIJING, foundRegistry, ONLINE } from '../support/founded-registry.ts';
import { writeFiles } from '../support/registry-folder.ts';
import { atTerminal } from '../support/terminal.ts';
import { missingFrom, stepsOf } from './runbook.ts';

/**
 * Every command of every runbook, at a terminal, as written: a real process each, and someone who types the passphrase and says yes. Each page has a
 * folder of its own, with what its readers have before they begin.
 */

const FOUNDED = parseInstant('2026-09-07T08:00:00Z');
const FOLDER = join(ROOT, 'docs/runbooks');
/** What people of that page have: the key files that were made before. */
const EPOCH_KEYS = ['issuing-1', 'issuing-2', 'status-1', 'status-2'];
const GUANGDONG = ['gd-chen', 'gd-huang', 'gd-luo', 'CN-GD.keys', 'gd-issuing', 'gd-status'];
const KEYS = [...ADMINS, ...BEIJING.admins, BEIJING.keys, ONLINE, ...EPOCH_KEYS];

/** What is there before the page begins. */
const WORLDS: Record<string, (folder: string) => Promise<void>> = {
  'first-ceremony': async (folder) => {
    await writeContent(join(folder, 'federation'), federationContent());
    await writeContent(join(folder, 'CN-BJ'), regionContent('CN-BJ'));
  },
  'yearly-root-rotation': (folder) => founded(folder, { topExpires: addHours(FOUNDED, 50 * 24) }),
  'adding-a-region': async (folder) => {
    await founded(folder);
    await writeContent(join(folder, 'CN-GD'), regionContent('CN-GD'));
    await writeKeys(folder, GUANGDONG);
  },
  'epoch-rotation': founded,
  'lost-admin-key': founded,
  'leaked-issuing-key': founded,
  'leaked-online-key': founded,
  'hub-unavailable': founded,
  'log-alarms': founded,
};

async function founded(folder: string, options: Partial<Parameters<typeof foundRegistry>[0]> = {}) {
  const { files } = await foundRegistry({ now: FOUNDED, ...options });
  await writeFiles(folder, files);
  await writeFile(join(folder, 'root.json'), files.get('metadata/1.root.json') ?? '');
  await writeKeys(folder, KEYS);
}

/** Compiled once for all commands: without it, half of their time is that. */
let compiled: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  compiled = await temporaryFolder();
});
afterAll(() => compiled.remove());

it('every runbook is tried', async () => {
  const pages = (await readdir(FOLDER)).filter((name) => name !== 'README.md');
  expect(pages.toSorted()).toEqual(
    Object.keys(WORLDS)
      .map((name) => `${name}.md`)
      .toSorted(),
  );
});

describe.runIf(process.platform === 'linux').each(Object.entries(WORLDS))('%s', (name, prepare) => {
  const steps = stepsOf(`docs/runbooks/${name}.md`);
  const [setUp] = stepsOf('docs/runbooks/README.md');
  let home: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeAll(async () => {
    home = await temporaryFolder();
    await mkdir(join(home.path, 'bin'));
    const command = join(home.path, 'bin', 'symbolon');
    await writeFile(command, `#!/bin/sh\nexec '${process.execPath}' '${LAUNCHER}' "$@"\n`);
    await chmod(command, 0o755);
    await mkdir(join(home.path, 'work'));
    await prepare(join(home.path, 'work'));
  });
  afterAll(() => home.remove());

  it.each(steps.map((step, i) => ({ ...step, title: `${i + 1}: ${firstCommand(step.script)}` })))(
    'step $title',
    async ({ script, shows, clock }) => {
      const file = join(home.path, 'step.sh');
      await writeFile(file, `set -euo pipefail\n${setUp?.script ?? ''}\n${script}`);
      const { code, screen } = await atTerminal(`bash '${file}'`, {
        cwd: join(home.path, 'work'),
        environment: {
          PATH: `${join(home.path, 'bin')}:${process.env['PATH'] ?? ''}`,
          HOME: home.path,
          NO_COLOR: '1',
          NODE_COMPILE_CACHE: compiled.path,
          SYMBOLON_TEST_CLOCK: clock,
        },
        answers: [
          [/(Passphrase of [^\n]+|New passphrase|The same again): $/, `${PASSPHRASE}\r`],
          [/\[y\/N\] $/, 'y\r'],
        ],
      });
      expect({ code, missing: missingFrom(screen, shows), screen }).toEqual({ code: 0, missing: [], screen });
    },
  );
});

function firstCommand(script: string): string {
  return script.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
}
