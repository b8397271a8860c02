import { describeBehind } from '../support/behind-a-proxy.ts';
import { caddy } from '../support/proxies.ts';

describeBehind(caddy);
