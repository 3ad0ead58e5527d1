import { sealOf } from '../../../base/cache/own-digest.ts';
import type { Command } from '../../command.ts';
import { helperPlace } from '../../warm-helper/helper-place.ts';

/** `headgate helper serve`: what `check` and `impact` start; see docs/decisions/0016-warm-helper.md. */
export const helperServe: Command = {
  words: ['helper', 'serve'],
  summary: 'Be the warm helper of a project until nobody asks any more',
  arguments: ['<root>'],
  options: [],
  async run({ print, arguments: [root = ''] }) {
    const place = helperPlace(root);
    if (place === null) {
      print.warn('There can be no helper here: no Unix sockets, or a cache folder with too long a path.');
      return 3;
    }
    const seal = sealOf();
    const { serveWarm } = await import('../../warm-helper/serve-warm.ts');
    print.line(`Stopped: ${await serveWarm(place, seal)}.`);
    // Nothing that is still open may hold it.
    process.exit(0);
  },
};
