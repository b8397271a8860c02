import { enableCompileCache } from 'node:module';
enableCompileCache('/tmp/cc2');
await import('./cloud.ts');
