import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const RUN = fileURLToPath(new URL('run.ts', import.meta.url));

function bench(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [RUN, ...args], (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

/** Form only: what a machine measures under test says nothing of speed. */
it('--json prints one JSON object of figures, and nothing else on standard output', async () => {
  const { code, stdout, stderr } = await bench('verify', '--json', '--rounds', '2', '--operations', '2');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const figures: Record<string, Record<string, unknown> & { unit: string }> = JSON.parse(stdout);
  expect(Object.keys(figures)).toEqual([
    'verify.keyBound',
    'verify.keyBound.us',
    'verify.keyBoundQr',
    'verify.keyBoundQr.us',
    'verify.qrOverText',
    'verify.plain',
    'verify.plain.jose',
    'verify.jsonLd',
    'verify.jsonLd.us',
    'verify.statusDecode',
    'verify.firstVerdict',
    'verify.firstVerdict.us',
    'verify.firstVerdictPlain',
    'verify.firstVerdictBoth',
    'verify.firstVerdict334',
    'verify.firstVerdict334.us',
    'verify.browserKb',
  ]);
  for (const { value, unit, better, ...marks } of Object.values(figures)) {
    expect(value).toBeTypeOf('number');
    expect(value).toBeGreaterThan(0);
    // A speed is told as a share, and a time as a multiple.
    expect(better).toBe({ 'x floor': 'higher', 'x peer': 'higher' }[unit] ?? 'lower');
    expect(unit).toMatch(/^(us|kB|x (floor|peer)|x (raw|peer|text) time)$/);
    expect(['must', 'aim']).toEqual(expect.arrayContaining(Object.keys(marks)));
  }
  expect(figures).toMatchObject({
    'verify.keyBound': { unit: 'x floor', must: 0.65, aim: 0.85 },
    'verify.qrOverText': { unit: 'x text time', must: 1.3, aim: 1.1 },
    'verify.statusDecode': { unit: 'x raw time', must: 2, aim: 1.2 },
    'verify.firstVerdict': { unit: 'x peer time', must: 2, aim: 1.3 },
    'verify.browserKb': { unit: 'kB', must: 150, aim: 90 },
  });
});

it('the log sequences real leaves, and real receipts are checked', async () => {
  const { code, stdout } = await bench('log', '--json', '--rounds', '2', '--operations', '3');
  expect(code).toBe(0);
  const figures: Record<string, { value: number }> = JSON.parse(stdout);
  expect(figures).toMatchObject({
    'log.leavesPerSecond': { unit: 'leaves/s', better: 'higher', must: 2000, aim: 10_000 },
    'log.receiptOverRaw': { unit: 'x raw time', better: 'lower', must: 2, aim: 1.3 },
    'log.receipt.us': { unit: 'us' },
    'log.witnessedReceiptOverRaw': { unit: 'x raw time', better: 'lower' },
    'log.witnessedReceipt.us': { unit: 'us' },
  });
  for (const { value } of Object.values(figures)) expect(value).toBeGreaterThan(0);
});

it('the QR code of a credential as it is minted stays at version 12', async () => {
  const { stdout } = await bench('qr', '--json');
  const figures: Record<string, { value: number }> = JSON.parse(stdout);
  expect(figures['qr.version']?.value).toBeLessThanOrEqual(12);
  // 12-M holds so many characters of the alphanumeric set (ISO/IEC 18004, table 7).
  expect(figures['qr.characters']?.value).toBeLessThanOrEqual(419);
});

it('without --json there is a table, with one line for each figure', async () => {
  const { code, stdout } = await bench('rules', '--rounds', '1', '--operations', '2');
  expect(code).toBe(0);
  const [head, ...lines] = stdout.trimEnd().split('\n');
  expect(head).toMatch(/min +median +max +unit +better +must +aim/);
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['rules.decide', 'rules.decide.us']);
});

it.each([['sapphire'], ['--rounds', '0'], ['--rounds', '2x'], ['--fast']])(
  'wrong usage (%s) is told in a sentence and exits with 64',
  async (...args) => {
    const { code, stdout, stderr } = await bench(...args);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toMatch(/^.+\nMore: npm run bench -- --help\n$/);
  },
);

it('an unknown suite is answered with the names of those there are', async () => {
  const { stderr } = await bench('verify', 'sapphire');
  expect(stderr).toContain('The suites are: verify, lines, issue, status, qr, registry, rules, log, audit.');
});

it('--help says what can be asked for', async () => {
  const { code, stdout } = await bench('--help');
  expect(code).toBe(0);
  expect(stdout).toContain('Suites: verify, lines, issue, status, qr, registry, rules, log, audit.');
});
