package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"frisk/internal/analysis"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows what the pipeline is doing: a bar on a terminal, a line every
// few seconds elsewhere, nothing with --quiet.
func (a *app) progress() analysis.Progress {
	if a.quiet {
		return nil
	}
	if f, ok := a.stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return &barProgress{w: f}
	}
	return &lineProgress{w: a.stderr, every: 5 * time.Second, now: time.Now}
}

type barProgress struct {
	w   io.Writer
	bar *progressbar.ProgressBar
}

func (p *barProgress) Stage(name string, total int64, bytes bool) {
	p.Done()
	p.bar = progressbar.NewOptions64(total,
		progressbar.OptionSetDescription(name),
		progressbar.OptionSetWriter(p.w),
		progressbar.OptionShowBytes(bytes),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(total > 0),
	)
}

func (p *barProgress) Add(n int64) {
	if p.bar != nil {
		_ = p.bar.Add64(n) // a bar that cannot be drawn is no reason to stop
	}
}

func (p *barProgress) Done() {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
}

type lineProgress struct {
	w           io.Writer
	every       time.Duration
	now         func() time.Time
	name        string
	total, done int64
	bytes       bool
	last        time.Time
}

func (p *lineProgress) Stage(name string, total int64, bytes bool) {
	*p = lineProgress{w: p.w, every: p.every, now: p.now, name: name, total: total, bytes: bytes, last: p.now()}
}

func (p *lineProgress) Add(n int64) {
	p.done += n
	if t := p.now(); t.Sub(p.last) >= p.every {
		p.last = t
		unit, div := "", int64(1)
		if p.bytes {
			unit, div = " MB", 1<<20
		}
		if p.total > 0 {
			fmt.Fprintf(p.w, "analyze: %s: %d of %d%s\n", p.name, p.done/div, p.total/div, unit)
		} else {
			fmt.Fprintf(p.w, "analyze: %s: %d%s\n", p.name, p.done/div, unit)
		}
	}
}

func (p *lineProgress) Done() {}
