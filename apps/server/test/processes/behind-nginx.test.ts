import { describeBehind } from '../support/behind-a-proxy.ts';
import { nginx } from '../support/proxies.ts';

describeBehind(nginx);
