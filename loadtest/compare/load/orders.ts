/** What the model is to do with a call. */
export type Orders =
  | { readonly kind: 'answer'; readonly thinkMs: number }
  | { readonly kind: 'stream'; readonly frames: number; readonly framesPerSecond: number }

/**
 * Orders are in the model's name: it comes first in the body, so that large prompts cost the model no parsing,
 * and gateways that know their fields pass it on.
 */
export function modelOf(orders: Orders): string {
  return orders.kind === 'answer'
    ? `think-${orders.thinkMs}`
    : `stream-${orders.frames}-${orders.framesPerSecond}`
}

/** @param head the first bytes of a request body; where there are no orders in it, the model answers at once */
export function ordersIn(head: string): Orders {
  const [, kind, first = 0, second = 50] = /"model":\s*"(think|stream)-(\d+)(?:-(\d+))?"/.exec(head) ?? []
  return kind === 'stream'
    ? { kind, frames: Number(first), framesPerSecond: Number(second) }
    : { kind: 'answer', thinkMs: Number(first) }
}
