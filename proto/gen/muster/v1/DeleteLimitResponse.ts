// Original file: muster/v1/limit_service.proto


/**
 * It is gone.
 */
export interface DeleteLimitResponse {
}

/**
 * It is gone.
 */
export interface DeleteLimitResponse__Output {
}
