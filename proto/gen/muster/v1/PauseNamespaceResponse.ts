// Original file: muster/v1/limit_service.proto


/**
 * It is paused.
 */
export interface PauseNamespaceResponse {
}

/**
 * It is paused.
 */
export interface PauseNamespaceResponse__Output {
}
