import { decode } from './decode.ts'
import { type KubeObject, titleOf } from './documents.ts'
import type { Kube } from './kube.ts'
import { checkByModel } from './models.ts'

/** @returns all that kubectl and the schemas have against these objects, each with the object's kind and name */
export async function faultsOf(kube: Kube, objects: readonly KubeObject[]): Promise<readonly string[]> {
  const faults = await Promise.all(
    objects.map(async (object) =>
      [...decode(kube, object), ...(await checkByModel(object))].map(
        (fault) => `${titleOf(object)}: ${fault}`,
      ),
    ),
  )
  return faults.flat()
}
