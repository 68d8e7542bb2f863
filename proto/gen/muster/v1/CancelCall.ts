// Original file: muster/v1/task_service.proto


/**
 * Asks for nothing more.
 */
export interface CancelCall {
}

/**
 * Asks for nothing more.
 */
export interface CancelCall__Output {
}
