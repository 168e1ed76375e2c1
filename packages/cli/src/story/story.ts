import type { DataFolder } from '@symbolon/local/data-folder';
import type { LocalNetwork } from '@symbolon/local/network';
import { revokeAndRefuse } from './changes.ts';
import { passOfADistrict } from './district.ts';
import { pinAtTheGate, recogniseInGuangdong, refuseWhatIsWrong, showTestAsJsonLd } from './gate.ts';
import { inTheOpen } from './in-the-open.ts';
import { enrolInBeijing, fillWallet } from './issuing.ts';
import { narrator } from './narrator.ts';
import { CARD, operatorOf } from './people.ts';
import { answerAStation } from './venue.ts';
import { mistakenPlace } from './wrong-location.ts';

const BATCH = 8;

export interface StoryEnd {
  /** Whether every step went as it must. */
  readonly succeeded: boolean;
  /** Of the test person in Beijing, to try more with. */
  readonly enrolmentCode: string;
}

/**
 * Plays the main job with real artefacts: nothing is prepared, every request goes over HTTP to the
 * functions' bundles, and every verdict is made from the gate's own bundle and pinned root.
 */
export async function playStory(
  network: LocalNetwork,
  folder: DataFolder,
  print: (text: string) => void,
): Promise<StoryEnd> {
  const tell = narrator(print);
  const stage = { network, folder, tell, print };
  const holder = await enrolInBeijing(stage);
  const wallet = await fillWallet(stage, holder.code, 'dc+sd-jwt', 'health', BATCH);
  const trust = await pinAtTheGate(stage);
  await recogniseInGuangdong(stage, wallet, trust);
  await refuseWhatIsWrong(stage, wallet, trust);
  await showTestAsJsonLd(stage, holder.code, trust);
  await answerAStation(stage, wallet, holder.code, trust);
  await revokeAndRefuse(stage, wallet, holder.code);
  const receipt = await mistakenPlace(stage);
  await passOfADistrict(stage);
  await inTheOpen(stage, receipt);
  print('');
  tell.say(
    tell.succeeded() ? 'Everything went as it must.' : 'Something did not go as it must: see the ✗ above.',
  );
  // The story's own code ended with the lost phone.
  const { code } = await operatorOf(network, 'CN-BJ').enrol(CARD);
  return { succeeded: tell.succeeded(), enrolmentCode: code };
}
