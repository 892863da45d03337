import { clientFor } from './client';
import { type Failure, readFailure } from './failure';
import { graphql } from './graphql';

const CreateUpload = graphql(`
  mutation CreateUpload($input: CreateUploadInput!) {
    createUpload(input: $input) {
      uploadUrl
      file {
        id
        name
        sizeBytes
      }
    }
  }
`);

/** A file that has reached the server. */
export type Uploaded = { id: string; name: string; sizeBytes: number };

/** How an upload ended. */
export type UploadOutcome = { file: Uploaded } | { failure: Failure };

const networkFailure: Failure = {
  code: 'NETWORK',
  reason: null,
  fields: [],
  incident: null,
  retryAfterS: null,
};

/**
 * Uploads a file in two steps: asks for a signed place, then sends the bytes there. `onProgress`
 * receives the share sent so far, 0 to 1.
 */
export async function uploadFile(
  tenant: string,
  file: File,
  onProgress: (share: number) => void,
): Promise<UploadOutcome> {
  // Browsers know no type for some spreadsheets (.csv without an office suite installed).
  const contentType = file.type || 'application/octet-stream';
  const answer = await clientFor(tenant)
    .mutation(CreateUpload, { input: { name: file.name, sizeBytes: file.size, contentType } })
    .toPromise();
  if (answer.error) return { failure: readFailure(answer.error) };
  if (!answer.data) return { failure: networkFailure };
  const { uploadUrl, file: created } = answer.data.createUpload;
  const status = await put(uploadUrl, file, contentType, onProgress);
  if (status >= 200 && status < 300) return { file: created };
  if (status === 413) {
    return { failure: { ...networkFailure, code: 'INVALID', reason: 'file_too_large' } };
  }
  if (status === 0) return { failure: networkFailure };
  return { failure: { ...networkFailure, code: 'UNAVAILABLE', reason: 'upload_incomplete' } };
}

/** `fetch` does not report the progress of a request's body; XMLHttpRequest does. */
function put(
  url: string,
  body: File,
  contentType: string,
  onProgress: (share: number) => void,
): Promise<number> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    request.setRequestHeader('Content-Type', contentType);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
    };
    request.onload = () => resolve(request.status);
    request.onerror = () => resolve(0);
    request.onabort = () => resolve(0);
    request.send(body);
  });
}
