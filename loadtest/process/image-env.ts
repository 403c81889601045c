/** What the image sets beside settings, and a container therefore has. */
export const imageEnv = { MALLOC_ARENA_MAX: '2' }
