import type * as z from 'zod/mini';
import { RegistryWriterConfig } from '../runtime/registry-writer-config.ts';

export const RegistryPublishConfig = RegistryWriterConfig;
export type RegistryPublishConfig = z.output<typeof RegistryPublishConfig>;
