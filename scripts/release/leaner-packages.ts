import { relative } from 'node:path'
import type { Plugin, PluginBuild } from 'esbuild'

/** Leaves out of packages what the program never reaches, and would load all the same. */
export const leaner: Plugin = {
  name: 'leaner packages',
  setup(build) {
    undiciOfTheRelay(build)
    withoutHttp2(build)
    withoutSchedules(build)
    withoutExemplars(build)
    onlyUsedExports(build, 'bullmq')
  },
}

/**
 * Of undici the relay uses connection pools; its index also loads fetch, caches, mocks and WebSockets. The worker makes
 * requests as well, and gets the whole.
 */
function undiciOfTheRelay(build: PluginBuild): void {
  const contents = `
    export { default as Agent } from 'undici/lib/dispatcher/agent.js'
    export { default as buildConnector } from 'undici/lib/core/connect.js'
    export { default as errors } from 'undici/lib/core/errors.js'`
  const folder = build.initialOptions.absWorkingDir ?? '.'
  build.onResolve({ filter: /^undici$/ }, ({ importer }) => {
    // Not the clone's own place, which may be below a folder of that name.
    const isOfRelay = /(^|[\\/])proxy[\\/]/.test(relative(folder, importer))
    return isOfRelay ? { path: 'relay', namespace: 'undici' } : undefined
  })
  build.onLoad({ filter: /^relay$/, namespace: 'undici' }, () => ({
    contents,
    resolveDir: folder,
  }))
}

/** Neither our ports nor our connections speak HTTP/2, but undici and Hono's adapter load what would. */
const withoutHttp2 = (build: PluginBuild): void =>
  replaced(build, /^(node:)?http2$/, 'export const constants = {}\nexport class Http2ServerRequest {}')

/** BullMQ's jobs at set times, with a library of calendars behind them. */
const withoutSchedules = (build: PluginBuild): void =>
  replaced(build, /^cron-parser$/, 'export class CronExpressionParser {}')

/** prom-client's exemplars of its own CPU time would name the span that OpenTelemetry's API knows of; nobody asks for them. */
const withoutExemplars = (build: PluginBuild): void =>
  replaced(build, /^@opentelemetry\/api$/, 'export const context = { active() {} }, trace = { getSpan() {} }')

function replaced(build: PluginBuild, module: RegExp, contents: string): void {
  const namespace = `instead of ${module.source}`
  build.onResolve({ filter: module }, ({ path }) => ({ path, namespace }))
  build.onLoad({ filter: module, namespace }, () => ({ contents }))
}

/** Leaves out modules of a package of which no export is used: loading them has no effect that anybody sees. */
function onlyUsedExports(build: PluginBuild, name: string): void {
  const isResolving = Symbol(name)
  build.onResolve({ filter: /^[^/]/ }, async ({ path, pluginData, ...where }) => {
    const isOfPackage =
      path === name || (path.startsWith('.') && where.importer.includes(`/node_modules/${name}/`))
    if (!isOfPackage || pluginData === isResolving) return undefined
    const resolved = await build.resolve(path, { ...where, pluginData: isResolving })
    return { ...resolved, sideEffects: false }
  })
}
