import { readArrival } from './arrival.ts';
import { readPageSettings } from './page-settings.ts';

/**
 * Read when this module is, before any other of ours: by the time that anything else runs or is loaded, the address has
 * no token in it, nor has the tab's history.
 */
export const arrived = readArrival(window.location, readPageSettings(document).base);
if (arrived) window.history.replaceState(null, '', arrived.address);
