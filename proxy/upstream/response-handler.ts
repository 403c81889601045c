import type { Dispatcher } from 'undici'

/** undici's handle on one dispatched request: pause, resume, abort, and the raw header fields. */
export type Controller = Dispatcher.DispatchController

/**
 * The callbacks that undici makes for one request, without the upgrade. `onResponseStart` is called for each
 * informational response too; `onResponseError` may come before `onRequestStart` has set a controller.
 */
export type ResponseHandler = Required<
  Pick<
    Dispatcher.DispatchHandler,
    'onRequestStart' | 'onResponseStart' | 'onResponseData' | 'onResponseEnd' | 'onResponseError'
  >
>
