import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const backend = 'http://127.0.0.1:3000';

export default defineConfig(({ command }) => ({
  base: command === 'build' ? '/auth/' : '/',
  plugins: [react()],
  // The server puts a fresh nonce in this place with every answer.
  html: { cspNonce: '__NONCE__' },
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
  server: { proxy: { '/api': backend, '^/auth/(providers|login|callback|logout)': backend } },
}));
