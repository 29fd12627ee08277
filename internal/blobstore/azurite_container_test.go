package blobstore

import (
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"gocloud.dev/blob"
)

// createContainer makes the container of a bucket, which a driver does not do.
func createContainer(t *testing.T, b *blob.Bucket) {
	t.Helper()
	var c *container.Client
	if !b.As(&c) {
		t.Fatal("no Azure container client")
	}
	if _, err := c.Create(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}
