#!/usr/bin/env node
import { runOnNode24 } from './on-node-24.js';

await runOnNode24(import.meta.url, () => import('../src/main.ts'));
