import { Option } from 'commander';

const FORMATS = ['dc+sd-jwt', 'ldp_vc'] as const;
export type FormatName = (typeof FORMATS)[number];

export function formatOption(): Option {
  return new Option('--format <format>', 'the securing').choices(FORMATS).default('dc+sd-jwt');
}
