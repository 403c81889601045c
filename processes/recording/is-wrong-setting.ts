import { SpoolInUse } from '../../proxy/spool/database.ts'
import { InvalidSettings } from '../../shared/config/load.ts'
import { DataDirUnusable } from '../../shared/data-dir-unusable.ts'
import { AddressUnavailable } from '../../shared/http/address-unavailable.ts'

/** Whether somebody has to change something before it is of any use to start again. */
export function isWrongSetting(cause: unknown): cause is Error {
  return [InvalidSettings, AddressUnavailable, SpoolInUse, DataDirUnusable].some(
    (kind) => cause instanceof kind,
  )
}
