import { styleText } from 'node:util';

export { plain } from '@symbolon/protocol/foreign-text';

/** Where a command writes: results to standard output, everything else to standard error. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(jsonText(value));
}

/** The same JSON in a line, with those characters written as escapes that `plain` takes out of a text: a terminal, or whatever cuts lines, would obey them. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, escaped);
}

/** Beyond the first plane in two escapes. */
function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

export function heading(text: string): string {
  return styleText(['bold', 'cyan'], text);
}

/** A line that is drawn over itself while work goes on, on a terminal only; `done` clears it. */
export function liveLine(): { show(text: string): void; done(): void } {
  const live = process.stderr.isTTY;
  return {
    show: (text) => {
      if (live) process.stderr.write(`\r${text} \x1b[K`);
    },
    done: () => {
      if (live) process.stderr.write('\r\x1b[K');
    },
  };
}

/** How much of a file has come. */
export function progressLine(label: string): {
  update(received: number, total: number | undefined): void;
  done(): void;
} {
  const line = liveLine();
  return {
    update: (received, total) => {
      const share = total === undefined ? '' : ` ${Math.floor((100 * received) / total)} %`;
      line.show(`${label} ${Math.ceil(received / 1024)} kB${share}`);
    },
    done: line.done,
  };
}

/** How many of so many are done, and how many in a second. */
export function rateLine(label: string): { update(done: number, all: number): void; done(): void } {
  const line = liveLine();
  const began = performance.now();
  let before: number | undefined;
  return {
    update: (done, all) => {
      // Work that goes on has a part behind it already.
      before ??= done;
      const seconds = (performance.now() - began) / 1000;
      const rate = seconds > 0 ? Math.round((done - before) / seconds) : 0;
      line.show(`${label} ${done}/${all}, ${rate}/s`);
    },
    done: line.done,
  };
}

/** How many of so many are done. */
export function countLine(label: string): { update(done: number, all: number): void; done(): void } {
  const line = liveLine();
  return { update: (done, all) => line.show(`${label} ${done}/${all}`), done: line.done };
}
