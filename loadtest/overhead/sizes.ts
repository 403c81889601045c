/** The same sizes in every measurement, so that figures are comparable. */
export const responseBytes = 1_200
export const frameBytes = 295

/** Frames in one stream. */
export const framesPerStream = 200

/** Delay of the `slow` model before its response. */
export const slowResponseMs = 300

/** The `paced` model streams slowly enough that each frame arrives alone. */
export const pacedFrames = 50
export const pacedFrameMs = 40
