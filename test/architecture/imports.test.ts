import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** The house rules of docs/architecture.md: who may import whom. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const LAYER: Record<string, number> = {
  protocol: 0,
  keys: 1,
  credential: 2,
  registry: 2,
  status: 2,
  rules: 2,
  log: 2,
  verifier: 3,
  issuer: 3,
  audit: 3,
  aws: 4,
  local: 4,
  cli: 5,
  functions: 5,
  infra: 6,
};

/** Beyond the layers: which packages of the same or a lower layer may be imported at all. */
const ALLOWED: Record<string, readonly string[]> = {
  protocol: [],
  keys: ['protocol'],
  credential: ['keys', 'protocol'],
  registry: ['keys', 'protocol'],
  status: ['keys', 'protocol'],
  rules: ['keys', 'protocol'],
  log: ['keys', 'protocol'],
  verifier: ['credential', 'registry', 'status', 'rules', 'log', 'keys', 'protocol'],
  issuer: ['credential', 'registry', 'status', 'rules', 'log', 'keys', 'protocol'],
  audit: ['registry', 'log', 'keys', 'protocol'],
  aws: ['issuer', 'verifier', 'registry', 'keys', 'protocol'],
  local: ['aws', 'issuer', 'registry', 'log', 'keys', 'protocol'],
  cli: [
    'aws',
    'local',
    'verifier',
    'issuer',
    'audit',
    'credential',
    'registry',
    'status',
    'rules',
    'log',
    'keys',
    'protocol',
  ],
  functions: [
    'aws',
    'local',
    'verifier',
    'issuer',
    'credential',
    'registry',
    'status',
    'rules',
    'log',
    'keys',
    'protocol',
  ],
  infra: ['functions', 'aws', 'protocol'],
};

const BROWSER = ['protocol', 'keys', 'credential', 'registry', 'status', 'rules', 'log', 'verifier', 'audit'];
/** Parts of browser packages that run on a server only. */
const SERVER_PARTS = ['packages/registry/src/ceremony/', 'packages/log/src/sequencer/'];
const PURE = [...BROWSER, 'issuer'];

interface Source {
  readonly path: string;
  readonly room: string;
  readonly imports: readonly string[];
  readonly text: string;
}

function roomOf(path: string): string {
  return path.startsWith('packages/') ? (path.split('/')[1] ?? '') : (path.split('/')[0] ?? '');
}

function sources(): Source[] {
  const found: Source[] = [];
  for (const base of ['packages', 'functions', 'infra']) {
    for (const entry of readdirSync(join(ROOT, base), { recursive: true, withFileTypes: true })) {
      const path = relative(ROOT, join(entry.parentPath, entry.name));
      if (!entry.isFile() || !/\.(ts|js)$/.test(path) || /\.(test|d)\.ts$/.test(path)) continue;
      if (/(^|\/)(node_modules|dist|cdk\.out|testing)\//.test(path)) continue;
      const text = readFileSync(join(ROOT, path), 'utf8');
      const imports = [...text.matchAll(/(?:from|import|import\()\s*['"]([^'"\n]+)['"]/g)].map(
        (match) => match[1] ?? '',
      );
      found.push({ path, room: roomOf(path), imports, text });
    }
  }
  return found;
}

const ALL = sources();
const workspaceImport = (name: string) => /^@symbolon\/([a-z]+)(?:\/|$)/.exec(name)?.[1];

describe('the house: who may import whom', () => {
  it('finds the sources it is meant to watch', () => {
    expect(ALL.length).toBeGreaterThan(80);
    expect(new Set(ALL.map(({ room }) => room))).toEqual(new Set(Object.keys(LAYER)));
  });

  it('no package imports one that it may not', () => {
    const breaches = ALL.flatMap(({ path, room, imports }) =>
      imports
        .map(workspaceImport)
        .filter((target) => target !== undefined && target !== room && !ALLOWED[room]?.includes(target))
        .map((target) => `${path} imports ${target}`),
    );
    expect(breaches).toEqual([]);
  });

  it('no relative import leaves its package', () => {
    const breaches = ALL.flatMap(({ path, room, imports }) =>
      imports
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(ROOT, join(ROOT, path, '..', name)))
        .filter((target) => roomOf(target) !== room)
        .map((target) => `${path} reaches ${target}`),
    );
    expect(breaches).toEqual([]);
  });

  it('every package lists what it imports, and nothing else of ours', () => {
    for (const room of Object.keys(LAYER)) {
      const folder = ['functions', 'infra'].includes(room) ? room : `packages/${room}`;
      const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
      const listed = Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith('@symbolon/'));
      const used = new Set(
        ALL.filter((source) => source.room === room)
          .flatMap(({ imports }) => imports.map(workspaceImport))
          .filter((name) => name !== undefined && name !== room)
          .map((name) => `@symbolon/${name}`),
      );
      expect({ room, listed: listed.toSorted() }).toEqual({ room, listed: [...used].toSorted() });
    }
  });

  it('no cycle between files', () => {
    const graph = new Map(ALL.map(({ path, imports }) => [path, relativeTargets(path, imports)]));
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (path: string, trail: readonly string[]) => {
      if (state.get(path) === 'done') return;
      if (state.get(path) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
        return;
      }
      state.set(path, 'open');
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
      state.set(path, 'done');
    };
    for (const path of graph.keys()) visit(path, []);
    expect(cycles).toEqual([]);
  });

  it('browser packages name no Node module', () => {
    const node = new Set(builtinModules);
    const breaches = ALL.filter(({ path, room }) => BROWSER.includes(room) && !path.endsWith('.node.ts'))
      .filter(({ path }) => !SERVER_PARTS.some((part) => path.startsWith(part)))
      .flatMap(({ path, imports }) =>
        imports
          .filter((name) => name.startsWith('node:') || node.has(name))
          .map((name) => `${path} imports ${name}`),
      );
    expect(breaches).toEqual([]);
  });

  it('L0 to L3 read no clock, no chance, no process, and write no console', () => {
    const forbidden = /\b(Date\.now|Math\.random|process\.(?!ts\b)|console\.|new Date\(\))/;
    const breaches = ALL.filter(({ room }) => PURE.includes(room))
      .flatMap(({ path, text }) => text.split('\n').map((line, index) => ({ path, line, index })))
      .filter(({ line }) => forbidden.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line))
      .map(({ path, index }) => `${path}:${index + 1}`);
    expect(breaches).toEqual([]);
  });

  it('only the AWS package holds table keys and expressions', () => {
    const breaches = ALL.filter(({ room }) => room !== 'aws')
      .filter(({ text }) => /KeyConditionExpression|ConditionExpression|attribute_(not_)?exists/.test(text))
      .map(({ path }) => path);
    expect(breaches).toEqual([]);
  });
});

function relativeTargets(path: string, imports: readonly string[]): string[] {
  return imports
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(ROOT, join(ROOT, path, '..', name)));
}
