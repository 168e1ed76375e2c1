/**
 * For a command whose machine has another time: `node --import moved-clock.ts`, with the time in `MOVED_CLOCK` (ISO 8601). It stands still while the command runs, as in the functions of a
 * network whose time is simulated. Durations are measured by other clocks, and are real.
 */
const moved = Date.parse(process.env['MOVED_CLOCK'] ?? '');
if (Number.isNaN(moved)) throw new TypeError('MOVED_CLOCK is a time');

globalThis.Date = new Proxy(Date, {
  construct: (target, parts) => Reflect.construct(target, parts.length === 0 ? [moved] : parts),
  get: (target, name) => (name === 'now' ? () => moved : Reflect.get(target, name)),
});

export {};
