import type * as z from 'zod/mini';
import { RegistryWriterConfig } from '../runtime/registry-writer-config.ts';

export const RegistryTimestampConfig = RegistryWriterConfig;
export type RegistryTimestampConfig = z.output<typeof RegistryTimestampConfig>;
