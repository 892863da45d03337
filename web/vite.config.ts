import react from '@vitejs/plugin-react';
import { loadEnv } from 'vite';
import { defineConfig } from 'vitest/config';
import { operations } from './scripts/operations.mjs';

// The development server forwards everything the product's server answers itself.
const { PLENUM_DEV_SERVER: server = 'http://127.0.0.1:8080' } = loadEnv('', '.', 'PLENUM_');

export default defineConfig({
  plugins: [operations(), react()],
  resolve: { tsconfigPaths: true },
  build: {
    target: 'es2023',
    manifest: true,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              // What every page needs goes into one file with all that it needs itself: left alone,
              // the bundler cuts it into pieces as pages are added, and pieces compress worse.
              name: 'base',
              test: /\/src\/(main\.tsx|platform\/(client|design|languages|session|shell)\/index\.ts)$/,
            },
            {
              // The frame, and what the modules bring into it, with the icons of their places: the same
              // there.
              name: 'modules',
              test: /\/src\/(routes\/modules\.ts|platform\/shell\/app-frame\.tsx)$/,
            },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    strictPort: true,
    proxy: {
      '/graphql': { target: server, ws: true },
      '/files': { target: server },
      '/sign-in/by': { target: server },
      '/oidc': { target: server },
      '/sfu': { target: server, ws: true },
    },
  },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
    server: { deps: { inline: [/graphql/] } },
  },
});
