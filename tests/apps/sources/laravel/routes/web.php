<?php
use App\Models\{User, Invoice};
use Illuminate\Http\Request;
use Illuminate\Support\Facades\{Auth, File, Hash, Log, Password, RateLimiter, Route};
use Illuminate\Support\Str;

Route::get('/', fn () => view('welcome'));
Route::get('/up', fn () => response('OK'));
Route::middleware('guest')->group(function () {
    Route::view('/register', 'auth.register')->name('register');
    Route::post('/register', function (Request $r) {
        $d = $r->validate(['name' => 'required|max:80', 'email' => 'required|email|unique:users', 'password' => 'required|min:8|confirmed', 'terms' => 'accepted']);
        $u = User::create(['password' => Hash::make($d['password'])] + $d);
        $u->sendEmailVerificationNotification();
        Auth::login($u); $r->session()->regenerate();
        Log::info('User registered', ['id' => $u->id]);
        return redirect('/dashboard')->with('status', 'Welcome, '.$u->name.'! Please check your inbox to verify your email.');
    });
    Route::view('/login', 'auth.login')->name('login');
    Route::post('/login', function (Request $r) {
        $c = $r->validate(['email' => 'required|email', 'password' => 'required']);
        $k = Str::lower($c['email']).'|'.$r->ip();
        if (RateLimiter::tooManyAttempts($k, 5)) return back()->withInput($r->only('email'))->withErrors(['email' => __('auth.throttle', ['seconds' => RateLimiter::availableIn($k)])]);
        if (!Auth::attempt($c, $r->boolean('remember'))) { RateLimiter::hit($k, 60); return back()->withInput($r->only('email'))->withErrors(['email' => __('auth.failed')]); }
        RateLimiter::clear($k); $r->session()->regenerate();
        return redirect()->intended('/dashboard');
    });
    Route::view('/forgot-password', 'auth.forgot')->name('password.request');
    Route::post('/forgot-password', function (Request $r) {
        $r->validate(['email' => 'required|email']);
        $s = Password::sendResetLink($r->only('email'));
        return $s === Password::RESET_LINK_SENT ? back()->with('status', __($s)) : back()->withInput()->withErrors(['email' => __($s)]);
    })->name('password.email');
    Route::get('/reset-password/{token}', fn (Request $r, $token) => view('auth.reset', ['token' => $token, 'email' => $r->email]))->name('password.reset');
    Route::post('/reset-password', function (Request $r) {
        $r->validate(['token' => 'required', 'email' => 'required|email', 'password' => 'required|min:8|confirmed']);
        $s = Password::reset($r->only('email', 'password', 'password_confirmation', 'token'), fn ($u, $p) => $u->forceFill(['password' => Hash::make($p), 'remember_token' => Str::random(60)])->save());
        return $s === Password::PASSWORD_RESET ? redirect('/login')->with('status', __($s)) : back()->withErrors(['email' => __($s)]);
    })->name('password.update');
});
Route::middleware('auth')->group(function () {
    Route::post('/logout', function (Request $r) { Auth::logout(); $r->session()->invalidate(); $r->session()->regenerateToken(); return redirect('/'); });
    Route::get('/dashboard', fn () => view('dashboard', ['n' => auth()->user()->invoices()->count(), 'sum' => auth()->user()->invoices()->sum('amount')]))->name('dashboard');
    Route::get('/email/verify', fn () => view('auth.verify'))->name('verification.notice');
    Route::post('/email/verification-notification', function (Request $r) { $r->user()->sendEmailVerificationNotification(); return back()->with('status', 'A new verification link has been sent.'); })->name('verification.send');
    Route::get('/email/verify/{id}/{hash}', function (Illuminate\Foundation\Auth\EmailVerificationRequest $r) { $r->fulfill(); return redirect('/dashboard')->with('status', 'Your email address is verified.'); })->middleware('signed')->name('verification.verify');
    Route::get('/invoices', function (Request $r) {
        $q = auth()->user()->invoices()->latest('id');
        if ($r->q) $q->where('client', 'like', '%'.$r->q.'%');
        if ($r->status) $q->where('status', $r->status);
        return view('invoices', ['rows' => $q->paginate(10)->withQueryString()]);
    });
    $rules = ['client' => 'required|max:80', 'amount' => 'required|numeric|min:0.01', 'status' => 'required|in:draft,sent,paid', 'due' => 'nullable|date', 'notes' => 'nullable|max:1000'];
    Route::get('/invoices/create', fn () => view('invoice-form', ['invoice' => new Invoice]))->middleware('verified');
    Route::post('/invoices', function (Request $r) use ($rules) {
        $i = auth()->user()->invoices()->create($r->validate($rules));
        return redirect('/invoices')->with('status', 'Invoice #'.$i->id.' created.');
    })->middleware('verified');
    Route::get('/invoices/{invoice}/edit', fn ($id) => view('invoice-form', ['invoice' => auth()->user()->invoices()->findOrFail($id)]));
    Route::put('/invoices/{invoice}', function (Request $r, $id) use ($rules) {
        auth()->user()->invoices()->findOrFail($id)->update($r->validate($rules));
        return redirect('/invoices')->with('status', 'Invoice #'.$id.' saved.');
    });
    Route::delete('/invoices/{invoice}', function ($id) { auth()->user()->invoices()->findOrFail($id)->delete(); return redirect('/invoices')->with('status', 'Invoice deleted.'); });
    Route::get('/api/invoices/search', fn (Request $r) => response()->json(auth()->user()->invoices()->where('client', 'like', '%'.$r->q.'%')->limit(5)->get(['id', 'client', 'amount'])));
    Route::view('/profile', 'profile');
    Route::post('/profile', function (Request $r) {
        $d = $r->validate(['name' => 'required|max:80', 'avatar' => 'nullable|image|max:2048']);
        if ($f = $r->file('avatar')) $d['avatar'] = '/uploads/'.$f->store('', 'public');
        auth()->user()->update($d);
        return back()->with('status', 'Profile saved.');
    });
    $close = function (Request $r) {
        $u = auth()->user();
        Auth::logout();
        if ($u->avatar) File::delete(public_path($u->avatar));
        $u->invoices()->delete(); $u->delete();
        $r->session()->invalidate(); $r->session()->regenerateToken();
    };
    Route::delete('/profile', function (Request $r) use ($close) {
        $r->validate(['password' => 'required|current_password']);
        $close($r);
        return redirect('/')->with('status', 'Your account is deleted.');
    });
    // For the cleanup of smoke tests: without a page there is no CSRF token.
    if (app()->environment('staging')) Route::delete('/api/account', function (Request $r) use ($close) { $close($r); return response()->noContent(); })
        ->withoutMiddleware(Illuminate\Foundation\Http\Middleware\VerifyCsrfToken::class);
});
Route::get('/boom', function () { throw new RuntimeException('Payment gateway timeout'); });
Route::get('/boom-sql', fn () => DB::select('select * from missing_table where id = ?', [7]));
