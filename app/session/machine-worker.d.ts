/** Made by the build: where the worker's program is. */
declare module 'virtual:machine-worker' {
  export const machineWorkerUrl: URL;
}
