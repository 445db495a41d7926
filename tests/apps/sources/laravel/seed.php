<?php
// A demo account that is verified, with a dozen invoices.
require __DIR__.'/bootstrap/autoload.php';
$app = require __DIR__.'/bootstrap/app.php';
$app->make(Illuminate\Contracts\Console\Kernel::class)->bootstrap();

$user = App\Models\User::create([
    'name' => 'Demo User',
    'email' => 'demo@lab.test',
    'password' => Illuminate\Support\Facades\Hash::make('demo-pass-123'),
]);
$user->markEmailAsVerified();
$clients = ['Acme GmbH', 'Globex', 'Initech', 'Umbrella', 'Hooli', 'Stark', 'Wayne', 'Wonka', 'Tyrell', 'Cyberdyne', 'Soylent', 'Vehement'];
foreach ($clients as $number => $client) {
    $user->invoices()->create([
        'client' => $client,
        'amount' => 100 + $number * 37.5,
        'status' => ['draft', 'sent', 'paid'][$number % 3],
        'due' => sprintf('2027-01-%02d', $number + 1),
    ]);
}
