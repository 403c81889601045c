/** Sizes as in the table of figures that is to be beaten: 1.2 KB answers, 295-byte frames. */
export const answerBytes = 1_200
export const frameBytes = 295

/** Frames in one stream. */
export const framesPerStream = 200

/** A model that thinks before it answers. */
export const slowAnswerMs = 300

/** A model that streams as fast as people read: each frame comes alone. */
export const pacedFrames = 50
export const pacedFrameMs = 40
