import type { Command } from 'commander';
import { venueMakeCommand } from './venue/make.ts';
import { venueReadCommand } from './venue/read.ts';

/** `symbolon venue make|read`: the code that a place shows, and that wallets answer. */
export function venueCommands(venue: Command): void {
  venueMakeCommand(venue);
  venueReadCommand(venue);
}
