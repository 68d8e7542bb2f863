// Original file: muster/v1/limit_service.proto


/**
 * It is not paused.
 */
export interface ResumeNamespaceResponse {
}

/**
 * It is not paused.
 */
export interface ResumeNamespaceResponse__Output {
}
