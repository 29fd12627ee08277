package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// maxWindow bounds the memory a zstd stream may ask for.
const maxWindow = 128 << 20

var errEmpty = errors.New("empty: the file has no content")

// maxLayers is how many compressions may lie over each other: an archived
// .json.gz that a transport compressed once more.
const maxLayers = 2

// unpack undoes compression (told by magic bytes) within the limits of opt and
// brings the text to UTF-8 without a byte order mark. The returned close frees
// the decompressors, not src.
func unpack(src *watched, opt *Options) (io.Reader, func(), error) {
	var r io.Reader = src
	var closers []func()
	closeAll := func() {
		for _, c := range closers {
			c()
		}
	}
	for layer := 0; ; layer++ {
		br := bufio.NewReaderSize(r, 64<<10)
		r = br
		magic, err := br.Peek(4)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, closeAll, err
		}
		isGzip, isZstd := bytes.HasPrefix(magic, []byte{0x1f, 0x8b}), bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd})
		switch {
		case !isGzip && !isZstd:
		case layer == maxLayers:
			return nil, closeAll, fmt.Errorf("compressed more than %d times over: unpack it first", maxLayers)
		case isGzip:
			z, err := gzip.NewReader(br)
			if err != nil {
				return nil, closeAll, fmt.Errorf("gunzip: %w", cutShort(err))
			}
			r = &limited{r: renamed{z, "gunzip"}, in: src, most: opt.MaxUnpacked, ratio: int64(opt.MaxRatio)}
			continue
		default:
			// One goroutine: measured faster than the default within a pipeline.
			z, err := zstd.NewReader(br, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
			if err != nil {
				return nil, closeAll, fmt.Errorf("unzstd: %w", cutShort(err))
			}
			closers = append(closers, z.Close)
			r = &limited{r: renamed{z, "unzstd"}, in: src, most: opt.MaxUnpacked, ratio: int64(opt.MaxRatio)}
			continue
		}
		break
	}
	br := bufio.NewReaderSize(r, 4<<10)
	bom, err := br.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, closeAll, err
	}
	switch {
	case bytes.HasPrefix(bom, []byte{0xef, 0xbb, 0xbf}):
		_, err = br.Discard(3)
		return br, closeAll, err
	case bytes.HasPrefix(bom, []byte{0xff, 0xfe}), bytes.HasPrefix(bom, []byte{0xfe, 0xff}):
		return transform.NewReader(br, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()), closeAll, nil
	case len(bom) == 4 && bom[0] != 0 && bom[1] == 0 && bom[2] != 0 && bom[3] == 0:
		return transform.NewReader(br, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder()), closeAll, nil
	case len(bom) == 4 && bom[0] == 0 && bom[1] != 0 && bom[2] == 0 && bom[3] != 0:
		return transform.NewReader(br, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder()), closeAll, nil
	}
	return br, closeAll, nil
}

// renamed puts the name of the step before a decompressor's errors.
type renamed struct {
	io.Reader
	step string
}

func (r renamed) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && err != io.EOF { //nolint:errorlint // io.EOF is never wrapped by a Reader
		err = fmt.Errorf("%s: %w", r.step, cutShort(err))
	}
	return n, err
}

// cutShort says in words what an unexpected end of a compressed stream means.
func cutShort(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return fmt.Errorf("the file is cut short: %w", io.ErrUnexpectedEOF)
	}
	return err
}
