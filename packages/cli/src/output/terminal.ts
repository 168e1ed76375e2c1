import { styleText } from 'node:util';

/** Where a command writes: results to standard output, everything else to standard error. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

export function heading(text: string): string {
  return styleText(['bold', 'cyan'], text);
}

/** A line that is drawn over itself while work goes on, on a terminal only; `done` clears it. */
export function progressLine(label: string): {
  update(received: number, total: number | undefined): void;
  done(): void;
} {
  const live = process.stderr.isTTY;
  return {
    update: (received, total) => {
      if (!live) return;
      const share = total === undefined ? '' : ` ${Math.floor((100 * received) / total)} %`;
      process.stderr.write(`\r${label} ${Math.ceil(received / 1024)} kB${share} `);
    },
    done: () => {
      if (live) process.stderr.write('\r\x1b[K');
    },
  };
}

/** Text from elsewhere, without what a terminal would obey: control and formatting characters show as a replacement character. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
