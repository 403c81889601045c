import type { AdminParts } from '../../shared/admin/admin-parts.ts'
import { serveAdmin } from '../../shared/admin/testing/serve-admin.ts'
import { freePort } from '../../shared/testing/private-redis.ts'

/** Serves an admin port until the current test has finished. @returns the settings that point to it */
export async function runningAdmin(parts: Partial<AdminParts> = {}): Promise<Record<string, string>> {
  return { ADMIN_PORT: new URL(await serveAdmin(parts)).port }
}

/** @returns settings that point to an admin port that nothing listens on */
export async function noAdmin(): Promise<Record<string, string>> {
  return { ADMIN_PORT: String(await freePort()) }
}
