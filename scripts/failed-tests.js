// Plain JavaScript for any Node: `failed-tests.js REPORT` names what failed in a JSON report of vitest, at the end, where people look.
import { readFileSync } from 'node:fs';

const LONGEST = 300;
const text = readFileSync(process.argv[2] ?? '', 'utf8');
// There is no report where nothing ran.
const { testResults = [] } = text === '' ? {} : JSON.parse(text);
const firstLines = (message = '') => message.split('\n').slice(0, 3).join(' | ').slice(0, LONGEST);
for (const { name, status, message, assertionResults } of testResults) {
  const failed = assertionResults.filter((test) => test.status === 'failed');
  for (const { fullName, failureMessages } of failed)
    console.log(`FAILED ${name}\n  ${fullName}\n  ${firstLines(failureMessages[0])}`);
  if (status === 'failed' && failed.length === 0) console.log(`FAILED ${name}\n  ${firstLines(message)}`);
}
