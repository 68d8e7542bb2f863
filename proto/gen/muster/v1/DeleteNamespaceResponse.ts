// Original file: muster/v1/namespace_service.proto


/**
 * It is gone.
 */
export interface DeleteNamespaceResponse {
}

/**
 * It is gone.
 */
export interface DeleteNamespaceResponse__Output {
}
