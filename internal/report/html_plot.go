package report

import (
	"fmt"
	"math"
	"slices"
)

type htmlPlot struct {
	ID, Title, Desc, From, To string
	Width, Height             string
	Best                      plotRect
	Lines                     []plotLine
	Texts                     []plotText
	Points                    []plotPoint
	Table                     *htmlTable
}

type plotRect struct{ X, Y, W, H string }

type plotLine struct{ X1, Y1, X2, Y2, Class string }

type plotText struct{ X, Y, Anchor, Text string }

type plotRing struct{ X, Y, R, Class string }

type plotPoint struct {
	Title, Mark, X, Y, MarkX, MarkY string
	Tip                             string
	Strong                          bool
	Arrow                           *plotLine
	Ring                            *plotRing // where the candidate puts it
	Whiskers                        []plotLine
}

// The drawing area, in the units of the picture.
const (
	plotWidth, plotHeight          = 560.0, 400.0
	plotLeft, plotRight            = 62.0, 18.0
	plotTop, plotBottom            = 34.0, 50.0
	dotRadius, tipLength, tipWidth = 5.0, 9.0, 4.5
)

// scale maps values from 0 on to pixels. When a few values dwarf the rest it
// is a root scale, which keeps 0 and spreads the small ones: square root, or
// cube root when they dwarf them by far. It flatters small values less than a
// logarithm would.
type scale struct {
	top    float64
	root   int     // 1 linear, 2 square root, 3 cube root
	from   float64 // pixel of 0
	length float64 // pixels to top, negative for upwards
}

func newScale(values []float64, from, length float64) scale {
	s := scale{from: from, length: length, top: 1, root: 1}
	vs := slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return v <= 0 })
	if len(vs) == 0 {
		return s
	}
	slices.Sort(vs)
	highest, median := vs[len(vs)-1], vs[len(vs)/2]
	switch {
	case highest > 40*median:
		s.root = 3
	case highest > 8*median:
		s.root = 2
	}
	s.top = highest * 1.08
	return s
}

func (s scale) at(v float64) float64 {
	f := max(v, 0) / s.top
	switch s.root {
	case 2:
		f = math.Sqrt(f)
	case 3:
		f = math.Cbrt(f)
	}
	return s.from + f*s.length
}

// ticks are round values at least gap pixels apart.
func (s scale) ticks(gap float64) []float64 {
	if s.root == 1 {
		step := niceStep(s.top * gap / math.Abs(s.length))
		var out []float64
		for i := 0; float64(i)*step <= s.top; i++ {
			out = append(out, float64(i)*step)
		}
		return out
	}
	out, last := []float64{0}, s.at(0)
	for e := math.Floor(math.Log10(s.top)) - 3; e <= math.Log10(s.top); e++ {
		for _, m := range []float64{1, 2, 5} {
			v := m * math.Pow(10, e)
			if v <= s.top && math.Abs(s.at(v)-last) >= gap {
				out, last = append(out, v), s.at(v)
			}
		}
	}
	return out
}

// niceStep is the smallest of 1, 2, 5 times a power of ten that is at least v.
func niceStep(v float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*p >= v*0.999 {
			return m * p
		}
	}
	return 10 * p
}

func (h *htmlView) plot(q *Quadrant) *htmlPlot {
	var xs, ys []float64
	for _, p := range q.Points {
		xs, ys = append(xs, p.From.X.High), append(ys, p.From.Y.High)
		if p.To != nil {
			xs, ys = append(xs, p.To.X.High), append(ys, p.To.Y.High)
		}
	}
	x := newScale(xs, plotLeft, plotWidth-plotLeft-plotRight)
	y := newScale(ys, plotHeight-plotBottom, -(plotHeight - plotTop - plotBottom))
	out := &htmlPlot{
		ID: h.id(), Title: visible(q.Title), Desc: visible(q.Doc), From: visible(q.FromName), To: visible(q.ToName),
		Width: coord(plotWidth), Height: coord(plotHeight), Table: h.table(plotTable(q)),
	}
	w, t := (plotWidth-plotLeft-plotRight)/2, (plotHeight-plotTop-plotBottom)/2
	out.Best = plotRect{coord(plotLeft), coord(plotTop + t), coord(w), coord(t)}
	out.axes(q, x, y)
	out.points(q, x, y)
	return out
}

func (out *htmlPlot) axes(q *Quadrant, x, y scale) {
	bottom, right := plotHeight-plotBottom, plotWidth-plotRight
	for _, v := range x.ticks(60) {
		p := coord(x.at(v))
		out.Lines = append(out.Lines, plotLine{p, coord(plotTop), p, coord(bottom), ""})
		out.Texts = append(out.Texts, plotText{p, coord(bottom + 18), "middle", tickText(v)})
	}
	for _, v := range y.ticks(42) {
		p := y.at(v)
		out.Lines = append(out.Lines, plotLine{coord(plotLeft), coord(p), coord(right), coord(p), ""})
		out.Texts = append(out.Texts, plotText{coord(plotLeft - 7), coord(p + 4), "end", tickText(v)})
	}
	label := func(name string, s scale) string {
		switch s.root {
		case 2:
			return visible(name) + " (square-root scale)"
		case 3:
			return visible(name) + " (cube-root scale)"
		}
		return visible(name)
	}
	out.Texts = append(out.Texts,
		plotText{coord((plotLeft + right) / 2), coord(plotHeight - 9), "middle", label(q.XLabel, x)},
		plotText{"6", "17", "start", "↑ " + label(q.YLabel, y)})
}

func tickText(v float64) string { return fixed(v, max(0, decimals(v)-trailing(v))) }

// trailing is how many of the decimals of a tick are zeros.
func trailing(v float64) int {
	n := 0
	for d := decimals(v); n < d; n++ {
		p := math.Pow(10, float64(d-n-1))
		if math.Abs(v*p-math.Round(v*p)) > 1e-9 {
			break
		}
	}
	return n
}

func (out *htmlPlot) points(q *Quadrant, x, y scale) {
	var taken [][2]float64
	for _, p := range q.Points {
		taken = append(taken, [2]float64{x.at(p.From.X.Mid()), y.at(p.From.Y.Mid())})
		if p.To != nil {
			taken = append(taken, [2]float64{x.at(p.To.X.Mid()), y.at(p.To.Y.Mid())})
		}
	}
	for _, p := range q.Points {
		px, py := x.at(p.From.X.Mid()), y.at(p.From.Y.Mid())
		pp := plotPoint{Mark: visible(p.Mark), X: coord(px), Y: coord(py), Strong: p.Strong}
		pp.Title = fmt.Sprintf("%s: friction %s, risk %s", visible(p.Label), num(p.From.X), num(p.From.Y))
		pp.Whiskers = append(pp.Whiskers, whiskers(p.From, x, y, "")...)
		if p.To != nil {
			tx, ty := x.at(p.To.X.Mid()), y.at(p.To.Y.Mid())
			pp.Ring = &plotRing{coord(tx), coord(ty), coord(dotRadius - 0.5), "to"}
			if math.Hypot(tx-px, ty-py) < dotRadius {
				// The candidate leaves it where it is: a ring around the dot.
				pp.Ring = &plotRing{coord(px), coord(py), coord(dotRadius + 3), "to still"}
			}
			pp.Title += fmt.Sprintf("; then friction %s, risk %s", num(p.To.X), num(p.To.Y))
			pp.Whiskers = append(pp.Whiskers, whiskers(*p.To, x, y, "then")...)
			pp.Arrow, pp.Tip = arrow(px, py, tx, ty)
		}
		mx, my := place(px, py, taken)
		taken = append(taken, [2]float64{mx, my})
		pp.MarkX, pp.MarkY = coord(mx), coord(my+5)
		out.Points = append(out.Points, pp)
	}
}

func whiskers(p Position, x, y scale, class string) []plotLine {
	var out []plotLine
	cx, cy := coord(x.at(p.X.Mid())), coord(y.at(p.Y.Mid()))
	if a, b := x.at(p.X.Low), x.at(p.X.High); b-a > 1 {
		out = append(out, plotLine{coord(a), cy, coord(b), cy, class})
	}
	if a, b := y.at(p.Y.Low), y.at(p.Y.High); a-b > 1 {
		out = append(out, plotLine{cx, coord(a), cx, coord(b), class})
	}
	return out
}

// arrow is the shaft and head from one dot to another; nothing when they touch.
func arrow(x1, y1, x2, y2 float64) (*plotLine, string) {
	dx, dy := x2-x1, y2-y1
	d := math.Hypot(dx, dy)
	if d < 2*dotRadius+tipLength {
		return nil, ""
	}
	ux, uy := dx/d, dy/d
	ex, ey := x2-ux*(dotRadius+1), y2-uy*(dotRadius+1)
	bx, by := ex-ux*tipLength, ey-uy*tipLength
	line := &plotLine{X1: coord(x1 + ux*dotRadius), Y1: coord(y1 + uy*dotRadius), X2: coord(bx), Y2: coord(by)}
	return line, fmt.Sprintf("%s,%s %s,%s %s,%s", coord(ex), coord(ey),
		coord(bx-uy*tipWidth), coord(by+ux*tipWidth), coord(bx+uy*tipWidth), coord(by-ux*tipWidth))
}

// place finds room for a mark near a dot: the first of some offsets that keeps
// clear of every dot and mark so far, inside the picture.
func place(px, py float64, taken [][2]float64) (float64, float64) {
	best, room := [2]float64{px, py - 14}, -1.0
	for _, r := range []float64{14, 20, 27} {
		for _, a := range []float64{-90, -45, 0, 45, 90, 135, 180, -135} {
			x, y := px+r*math.Cos(a*math.Pi/180), py+r*math.Sin(a*math.Pi/180)
			if x < plotLeft+6 || x > plotWidth-8 || y < plotTop-4 || y > plotHeight-plotBottom-7 {
				continue
			}
			near := math.Inf(1)
			for _, t := range taken {
				near = min(near, math.Hypot(x-t[0], y-t[1]))
			}
			if near >= 13 {
				return x, y
			}
			if near > room {
				best, room = [2]float64{x, y}, near
			}
		}
	}
	return best[0], best[1]
}

// plotTable is the picture in words for those who cannot see it.
func plotTable(q *Quadrant) *Table {
	t := &Table{Caption: q.Title, Head: 2, Columns: []Column{
		{Name: "#"},
		{Name: "Where"},
		{Name: "Friction", Unit: UnitNumber, Source: Replayed, Ranged: true},
		{Name: "Risk", Unit: UnitNumber, Source: Replayed, Ranged: true},
	}}
	if q.ToName != "" {
		t.Columns = append(t.Columns,
			Column{Name: "Friction", Unit: UnitNumber, Source: Candidate, Ranged: true},
			Column{Name: "Risk", Unit: UnitNumber, Source: Candidate, Ranged: true})
	}
	for _, p := range q.Points {
		cells := []Value{text(p.Mark), text(p.Label), bounds(p.From.X), bounds(p.From.Y)}
		if q.ToName != "" {
			to := Position{}
			if p.To != nil {
				to = *p.To
			}
			cells = append(cells, bounds(to.X), bounds(to.Y))
		}
		t.add(cells...).Strong = p.Strong
	}
	return t
}
